"""Households, members and cards (户、成员、积分卡), and how they come in and go out as spreadsheets."""
