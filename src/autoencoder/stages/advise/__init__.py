"""What a person is told of their own pictures, in words."""
