"""pointshop: the system a Chinese village runs its points shop (积分商店) on."""
