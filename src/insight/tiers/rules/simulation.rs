//! Adds up what another policy would change.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::model::*;
use super::{decide, measure};
use platform::kernel::ids::{BranchId, StaffId};

/// Moved clients shown of each pair of tiers.
const SAMPLES: usize = 5;

/// A simulation under way.
pub struct Simulation<'a> {
    policy: &'a TierPolicy,
    day: NaiveDate,
    clients: u64,
    tiers: BTreeMap<(Option<Tier>, Tier), u64>,
    service_levels: BTreeMap<(Option<Tier>, Tier), u64>,
    samples: BTreeMap<(Option<Tier>, Tier), Vec<SimulatedMove>>,
    advisors: BTreeMap<Option<StaffId>, (Load, Load)>,
    branches: BTreeMap<BranchId, (Load, Load)>,
}

impl<'a> Simulation<'a> {
    /// Nobody decided about yet.
    pub fn new(policy: &'a TierPolicy, day: NaiveDate) -> Self {
        let (tiers, service_levels, samples) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self {
            policy,
            day,
            clients: 0,
            tiers,
            service_levels,
            samples,
            advisors: BTreeMap::new(),
            branches: BTreeMap::new(),
        }
    }

    /// Decides about a client as the day would if the policy ruled from it on.
    pub fn decide(&mut self, client: &ClientRecord, held: Option<&Assigned>) {
        let begun = client.record.begins_on().is_some_and(|begin| begin <= self.day);
        if client.is_closed || !begun {
            return;
        }
        let current = held.map(|held| CurrentTier { rung: held.rung.clone(), since: held.since });
        let decision = decide(self.policy, &measure(self.policy, &client.record, self.day, current));
        let (from, to) = (held.map(|held| held.tier), decision.tier);
        self.clients += 1;
        *self.tiers.entry((from, to)).or_default() += 1;
        let level = held.map(|held| held.service_level);
        *self.service_levels.entry((level, decision.service_level)).or_default() += 1;
        for (before, after) in
            [self.advisors.entry(client.advisor_id).or_default(), self.branches.entry(client.branch_id).or_default()]
        {
            from.into_iter().for_each(|from| before.add(from));
            after.add(to);
        }
        let samples = self.samples.entry((from, to)).or_default();
        if from != Some(to) && samples.len() < SAMPLES {
            samples.push(SimulatedMove {
                client_id: client.client_id,
                from,
                to,
                rung_from: held.map(|held| held.rung.clone()),
                rung_to: decision.rung,
                rule: decision.rule,
                reasons: decision.reasons,
            });
        }
    }

    /// What it came to.
    pub fn finish(self) -> TierSimulation {
        let counts = |counts: BTreeMap<(Option<Tier>, Tier), u64>| {
            counts.into_iter().map(|((from, to), clients)| TierCount { from, to, clients }).collect::<Vec<_>>()
        };
        let moved = self.tiers.iter().filter(|((from, to), _)| *from != Some(*to)).map(|(_, clients)| clients).sum();
        let advisors = self.advisors.into_iter().filter(|(_, (before, after))| before != after);
        let branches = self.branches.into_iter().filter(|(_, (before, after))| before != after);
        TierSimulation {
            as_of: self.day,
            clients: self.clients,
            moved,
            tiers: counts(self.tiers),
            service_levels: counts(self.service_levels),
            samples: self.samples.into_values().flatten().collect(),
            advisors: advisors.map(|(advisor_id, (before, after))| AdvisorLoad { advisor_id, before, after }).collect(),
            branches: branches.map(|(branch_id, (before, after))| BranchLoad { branch_id, before, after }).collect(),
        }
    }
}
