"""A household's PIN (兑换密码): what a found or photographed card cannot say."""
