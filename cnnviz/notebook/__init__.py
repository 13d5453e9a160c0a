"""What `import cnnviz` offers in a notebook and in a script, and the widget that shows it."""
