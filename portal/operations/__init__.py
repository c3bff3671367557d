"""Operations: how everything fares, what stands still, and what was done."""
