"""What people see while something runs: command lines, errors, progress, TensorBoard. It changes no result."""
