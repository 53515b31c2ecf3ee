"""Small reusable pieces: countdown chip, badges, cards, signature pad."""
