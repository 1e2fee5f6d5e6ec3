"""Charts: the definitions of .dvc/plots drawn without a browser, their colours, and the labels of their lines."""
