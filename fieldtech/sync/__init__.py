"""Push and pull between laptop and central: pure decisions, transport, clock offset."""
