//! Which band a probability of silence lies in: what stays the same while the figure moves from day to day.

use serde_json::{Value, json};

use super::super::model::{ChurnPolicy, RiskBand};
use crate::scoring::{Forecast, NoRisk};

/// The band under a policy's lines.
pub fn band(policy: &ChurnPolicy, p_silent: f64) -> RiskBand {
    if p_silent >= policy.critical_probability {
        RiskBand::Severe
    } else if p_silent >= policy.medium_probability {
        RiskBand::Likely
    } else if p_silent >= policy.clear_probability() {
        RiskBand::Elevated
    } else {
        RiskBand::Low
    }
}

/// The band, or why there is none.
pub fn conclusion(policy: &ChurnPolicy, forecast: &Result<Forecast, NoRisk>) -> Value {
    match forecast {
        Ok(forecast) => json!({ "band": band(policy, forecast.explanation.p_silent), "code": null }),
        Err(none) => json!({ "band": null, "code": none.code }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_belongs_to_the_band_above_it() {
        let policy = ChurnPolicy::default();
        let bands = [0.0, 0.2499, 0.25, 0.39, 0.40, 0.59, 0.60, 1.0].map(|p| band(&policy, p));
        use RiskBand::{Elevated, Likely, Low, Severe};
        assert_eq!(bands, [Low, Low, Elevated, Elevated, Likely, Likely, Severe, Severe]);
    }
}
