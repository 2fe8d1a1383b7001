//! Letters, sent by SMTP.
