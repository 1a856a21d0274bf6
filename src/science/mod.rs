//! Pure mathematics: values in, values out. No tables, no clock, no chance.
//!
//! | file | holds |
//! | --- | --- |
//! | [`btyd`] | buy-till-you-die models: who is still active, who will be silent, how often they will trade |
//! | [`features`] | what a client's own trading says at a cutoff, as numbers |
//! | [`ladder`] | the best model of silence that a book supports, one type whichever it is |
//! | [`logistic`] | L2-regularised logistic regression: training, probability, reasons |
//! | [`metrics`] | how good a score is: ranking, calibration, separation, drift, intervals |
//! | [`cholesky`] | positive definite systems of any size |
//! | [`newton`] | the maximiser the fits share |
//! | [`rhythm`] | a client's own gaps, for books too small for a fit; how near to 0 and 1 data can lead |
//! | [`special`] | special functions, written for the digits the models need |

pub mod btyd;
pub mod cholesky;
pub mod features;
pub mod ladder;
pub mod logistic;
pub mod metrics;
pub mod newton;
pub mod rhythm;
pub mod special;

pub use btyd::{Cell, FitPolicy, Fitted, History, Model, NotIdentified, Parameters, fit, nbd};

#[cfg(test)]
mod tests;
