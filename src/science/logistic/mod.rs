//! L2-regularised logistic regression with exact coefficients, and why a probability is what it is.
//!
//! The model is logit P(event) = β₀ + Σ βⱼ zⱼ. With outcomes yᵢ ∈ {0, 1} and lᵢ the logit of row i, the coefficients
//! are the one minimum of ½ Σ βⱼ² + C Σᵢ [ln(1 + e^lᵢ) − yᵢ lᵢ]; the intercept β₀ is not penalised. C is that of
//! scikit-learn and LIBLINEAR (Fan et al. 2008, "LIBLINEAR: A Library for Large Linear Classification", J. Machine
//! Learning Research 9, eq. 1 with L2); the minimum is found by Newton's method, which for this model is iteratively
//! reweighted least squares (Hastie, Tibshirani & Friedman, *The Elements of Statistical Learning*, eq. 4.26).
//!
//! - [`Table`]: inputs, rows × columns
//! - [`Scaling`]: raw values to standard positions z, with the means and deviations of the training rows
//! - [`fit()`]: [`Coefficients`] from standard positions and outcomes
//! - [`Classifier`]: a scaling with its coefficients, trained on raw values; what is stored and served

mod classifier;
mod fit;
mod scaling;
mod table;

#[cfg(test)]
mod tests;

pub use classifier::{Classifier, Contributions};
pub use fit::{Coefficients, NotFitted, fit};
pub use scaling::{Form, Scaling, signed_log};
pub use table::Table;
