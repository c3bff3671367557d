"""What may go wrong: switches that stay, by area, and strikes that are used up.

`catalogue` gathers the switches; who obeys one asks `world.switches` for its position.
"""
