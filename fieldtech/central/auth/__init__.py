"""Who is asking: sign-in, tokens, devices, and the brake on guessing."""
