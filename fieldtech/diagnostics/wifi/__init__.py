"""What this machine's WiFi says of itself: its link, its neighbours, or why it may not be read."""
