"""What draws: the only part of cnnviz that knows Streamlit."""
