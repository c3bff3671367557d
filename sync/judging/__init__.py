"""What both sides say is held against what they last agreed on."""
