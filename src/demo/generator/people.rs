//! The invented firm: a head office, three regions, eight outlets, and their people.

use std::collections::BTreeMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::record::{Branch, Firm, Staff};
use super::{draw, names};

/// Clients an advisor looks after, at most, on average over an outlet.
const CLIENTS_PER_ADVISOR: f64 = 60.0;

/// Code and name of the head office.
const HEAD_OFFICE: (&str, &str) = ("HQ", "云岭示例证券总部");
const REGIONS: [(&str, &str); 3] = [("R01", "华东分公司"), ("R02", "华南分公司"), ("R03", "华北分公司")];

/// An outlet of the firm.
pub(super) struct Outlet {
    /// Branch code.
    pub code: &'static str,
    region: &'static str,
    name: &'static str,
    /// City of its clients' addresses.
    pub city: &'static str,
    /// Share of the firm's clients.
    pub share: f64,
}

const fn outlet(code: &'static str, name: &'static str, city: &'static str, share: f64) -> Outlet {
    let region = match code.as_bytes()[2] {
        b'1' => "R01",
        b'2' => "R02",
        _ => "R03",
    };
    Outlet { code, region, name, city, share }
}

/// Every outlet; the shares make 1.
pub(super) const OUTLETS: [Outlet; 8] = [
    outlet("B0101", "上海世纪大道营业部", "上海市", 0.21),
    outlet("B0102", "杭州庆春路营业部", "杭州市", 0.14),
    outlet("B0103", "南京中山路营业部", "南京市", 0.11),
    outlet("B0201", "深圳福华路营业部", "深圳市", 0.17),
    outlet("B0202", "广州天河路营业部", "广州市", 0.13),
    outlet("B0301", "北京金融街营业部", "北京市", 0.14),
    outlet("B0302", "天津南京路营业部", "天津市", 0.06),
    outlet("B0303", "济南泉城路营业部", "济南市", 0.04),
];

/// The branches and enough advisors for so many clients.
pub(super) fn make(seed: u64, clients: u32) -> Firm {
    let mut people = People { rng: draw::stream(seed, draw::FIRM), taken: BTreeMap::new(), staff: Vec::new() };
    for role in ["compliance", "analyst", "service_agent", "service_agent"] {
        people.hire(role, HEAD_OFFICE.0);
    }
    for (code, _) in REGIONS {
        people.hire("branch_manager", code);
    }
    for outlet in &OUTLETS {
        people.hire("branch_manager", outlet.code);
        // A share of a count of clients is far below 2^32.
        let advisors = (f64::from(clients) * outlet.share / CLIENTS_PER_ADVISOR).ceil().max(2.0) as u32;
        (0..advisors).for_each(|_| people.hire("advisor", outlet.code));
    }
    Firm { branches: branches(), staff: people.staff }
}

fn branches() -> Vec<Branch> {
    let branch = |code: &str, name: &str, parent: Option<&str>| Branch {
        code: code.to_owned(),
        name: name.to_owned(),
        parent_code: parent.map(str::to_owned),
    };
    let head_office = branch(HEAD_OFFICE.0, HEAD_OFFICE.1, None);
    let regions = REGIONS.iter().map(|(code, name)| branch(code, name, Some(HEAD_OFFICE.0)));
    let outlets = OUTLETS.iter().map(|outlet| branch(outlet.code, outlet.name, Some(outlet.region)));
    [head_office].into_iter().chain(regions).chain(outlets).collect()
}

struct People {
    rng: ChaCha8Rng,
    /// How often each pinyin was given out.
    taken: BTreeMap<String, u32>,
    staff: Vec<Staff>,
}

impl People {
    fn hire(&mut self, role: &'static str, branch_code: &str) {
        let (name, pinyin) = names::person(&mut self.rng);
        let count = self.taken.entry(pinyin.clone()).or_insert(0);
        *count += 1;
        let username = if *count == 1 { pinyin } else { format!("{pinyin}{count}") };
        self.staff.push(Staff { username, name, role, branch_code: branch_code.to_owned() });
    }
}

/// The advisors of each branch, to give clients to.
pub(super) struct Advisors {
    by_branch: BTreeMap<String, Vec<String>>,
}

impl Advisors {
    /// Of a firm.
    pub(super) fn of(firm: &Firm) -> Self {
        let mut by_branch: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for person in firm.staff.iter().filter(|person| person.role == "advisor") {
            by_branch.entry(person.branch_code.clone()).or_default().push(person.username.clone());
        }
        Self { by_branch }
    }

    /// An advisor for a client of the branch; one client in twelve has none.
    pub(super) fn advisor(&self, branch_code: &str, rng: &mut ChaCha8Rng) -> Option<String> {
        let advisors = self.by_branch.get(branch_code)?;
        // One draw whatever the number of advisors, so that the rest of the client does not depend on it.
        let place = (rng.random::<f64>() * advisors.len() as f64) as usize;
        let advisor = advisors[place].clone();
        rng.random_bool(11.0 / 12.0).then_some(advisor)
    }
}
