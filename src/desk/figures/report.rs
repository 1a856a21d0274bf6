//! Clients by tier and branch.

use std::collections::HashMap;

use serde::Deserialize;
use utoipa::ToSchema;

use super::store::{self, Group};
use book::clients::Tier;
use platform::db::Read;
use platform::http::permission::{ClientsRead, Permission};
use platform::kernel::decision::Text;
use platform::kernel::error::Error;
use platform::kernel::ids::BranchId;
use platform::reports::{Cell, Chart, Column, Report, Table, Unit};
use platform::slice::Boxed;

/// How many clients of each tier every branch has, closed ones left out.
pub struct ClientsByTier;

/// Which clients.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientsByTierParams {
    /// Of this branch.
    #[serde(default)]
    branch_id: Option<BranchId>,
}

impl Report for ClientsByTier {
    const CODE: &'static str = "clients_by_tier";
    const TITLE: (&'static str, &'static str) = ("Clients by tier and branch", "各分支机构客户分层统计");
    const PERMISSION: &'static str = ClientsRead::SCOPE;
    type Params = ClientsByTierParams;

    fn table(read: &mut Read, params: Self::Params) -> Boxed<'_, Result<Table, Error>> {
        Box::pin(async move {
            let (conn, scope) = read.scoped();
            let groups = store::clients_by_tier(conn, scope, params.branch_id).await?;
            Ok(Table { columns: columns(), rows: rows(&groups), as_of: read.today(), chart: CHART })
        })
    }
}

const CHART: Chart = Chart { category: "branch_name", series: "tier_label", value: "clients" };

fn columns() -> Vec<Column> {
    vec![
        Column::new("branch_code", "Branch code", "机构代码", Unit::Label),
        Column::new("branch_name", "Branch", "分支机构", Unit::Label),
        Column::new("tier", "Tier code", "分层代码", Unit::Label),
        Column::new("tier_label", "Tier", "客户分层", Unit::Label),
        Column::new("clients", "Clients", "客户数", Unit::Count).of("branch_clients"),
        Column::new("branch_clients", "Clients of the branch", "机构客户总数", Unit::Count),
        Column::new("share", "Share of the branch", "占机构客户比例", Unit::Share).of("branch_clients"),
    ]
}

fn rows(groups: &[Group]) -> Vec<Vec<Cell>> {
    let mut totals: HashMap<&str, i64> = HashMap::new();
    for group in groups {
        *totals.entry(&group.branch_code).or_default() += group.clients;
    }
    let row = |group: &Group| {
        let total = totals[group.branch_code.as_str()];
        let (code, label) = tier(group.tier);
        vec![
            Cell::Name(group.branch_code.clone()),
            Cell::Name(group.branch_name.clone()),
            code,
            Cell::Label(label),
            Cell::Count(group.clients),
            Cell::Count(total),
            Cell::Share(group.clients as f64 / total as f64),
        ]
    };
    groups.iter().map(row).collect()
}

/// Code and label; a client has no tier before the first trade or balance.
fn tier(tier: Option<Tier>) -> (Cell, Text) {
    match tier {
        Some(tier) => {
            let code = match tier {
                Tier::Ordinary => "ordinary",
                Tier::Middle => "middle",
                Tier::HighNetWorth => "high_net_worth",
            };
            (Cell::Name(code.to_owned()), tier.label())
        }
        None => (Cell::Empty, Text::new("No tier yet", "尚未分层")),
    }
}
