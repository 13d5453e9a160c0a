"""What a view is sent, as data, whoever shows it: Streamlit, or a page of its own."""
