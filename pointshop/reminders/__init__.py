"""Reminders to put something right (整改提醒): what, until when; a photo of it done clears them."""
