"""HTML and XML trees, damaged ones too."""
