"""Files of this laptop's work: sealed on the disk, and in a queue of their own."""
