"""A project in; numbers, .blend, pictures and films out; what is done and still true is not done again."""
