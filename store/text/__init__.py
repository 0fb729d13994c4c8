"""Reading text: languages, LaTeX, lines, sentences, tokens."""
