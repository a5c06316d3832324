"""What is typed at a prompt: the commands and the server."""
