//! Who works here and what they may do.

pub mod access;
pub mod audit;
pub mod calendars;
pub mod jobs;
