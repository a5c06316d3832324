"""A whole demonstration village with half a year of life, made through the services in an empty database."""

from pointshop.cli.demo.founding import AlreadyInhabited
from pointshop.cli.demo.staff import Login
from pointshop.cli.demo.story import DemoLogins, build, find_logins

__all__ = ["AlreadyInhabited", "DemoLogins", "Login", "build", "find_logins"]
