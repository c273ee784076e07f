"""社区信箱: letters from residents, and how they were answered."""
