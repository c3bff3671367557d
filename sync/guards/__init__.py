"""What stops the engine before it does harm: the brake, and looks that only read."""
