//! Churn over HTTP: runs on a real book, risks explained, alerts from opening to end.

mod alerts;
mod book;
mod ladder;
mod order;
mod risk;
mod runs;
mod sweeps;
