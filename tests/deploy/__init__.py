"""What ships in `deploy/`, tried as far as the machine has what it needs."""
