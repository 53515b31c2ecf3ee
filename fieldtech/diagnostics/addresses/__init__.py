"""How an interface got its addresses, and which neighbours answer on it: parsers and runners."""
