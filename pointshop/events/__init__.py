"""What people come together for (活动): planned, signed in and out of, and turned into one batch of merits."""
