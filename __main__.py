"""`python -m jena_planner` is the command line."""

from .cli import main

main()
