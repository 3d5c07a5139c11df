"""quizapp: an honest guide to certifications and ways into a career, made from question banks."""
