import type { Sheet } from '../model/sheet.ts';
import type { CgroupId, Instant } from '../model/units.ts';
import { Cgroups } from './cgroups.ts';
import { groupSheet, hostSheet, type Senses, workloadSheet } from './columns.ts';
import { Groups } from './groups.ts';
import { Members } from './members.ts';
import { Names, type OnRename } from './names.ts';
import { Places } from './places.ts';
import type { Group, Place, Row } from './row.ts';
import { Rows } from './rows.ts';
import type { GroupRule } from './rules.ts';
import { WorkloadInfo } from './workload-info.ts';

export interface AccountOptions {
  readonly senses: Senses;
  readonly rules?: readonly GroupRule[];
  readonly groupsMax?: number;
  readonly workloadsMax?: number;
  /** Rows of groups by workload. */
  readonly rowsMax?: number;
  readonly cgroupsMax?: number;
  /** A row without members in which nothing happens is closed after so long. */
  readonly retentionMs?: number;
  /** Labels of pods that `culprit_workload_info` has. */
  readonly podLabels?: readonly string[];
  /** What was counted under the one name is counted under the other from now on. */
  readonly onRename?: OnRename;
}

/** Everything the accounts write, together; no policy. */
export class Books {
  readonly senses: Senses;
  readonly groupsMax: number;
  readonly workloadsMax: number;
  readonly rowsMax: number;
  readonly retentionMs: number;
  readonly host: Sheet;
  readonly groups: Groups;
  readonly places: Places;
  readonly rows: Rows;
  readonly cgroups: Cgroups;
  readonly members = new Members();
  readonly names = new Names();
  /** Counts snapshots. */
  epoch = 0;

  constructor(options: AccountOptions) {
    const { senses, rules = [], groupsMax = 500, workloadsMax = 1_000, rowsMax = 20_000 } = options;
    this.senses = senses;
    this.groupsMax = groupsMax;
    this.workloadsMax = workloadsMax;
    this.rowsMax = rowsMax;
    this.retentionMs = options.retentionMs ?? 600_000;
    this.host = hostSheet();
    this.groups = new Groups({ rules, groupsMax });
    // One row more for `~other`, which must never want for room.
    const info = new WorkloadInfo(options.podLabels ?? [], workloadsMax + 1);
    this.places = new Places(workloadSheet(senses, workloadsMax + 1), info, workloadsMax);
    this.rows = new Rows(groupSheet(senses, rowsMax + 1), this.groups, (at) => this.places.other(at), rowsMax);
    this.cgroups = new Cgroups(options.cgroupsMax ?? 16_384);
  }

  placeOf(cgroupId: CgroupId, at: Instant): Place {
    const cgroup = this.cgroups.of(cgroupId);
    if (cgroup === undefined) return this.places.other(at);

    const { place } = cgroup;
    if (place !== undefined && !place.isClosed) return place;
    cgroup.place = place?.into === undefined ? this.places.of(cgroup.workload, at) : this.places.revive(place, at);
    return cgroup.place;
  }

  /** `hint` is answered when it is the row. */
  rowOf(group: Group, cgroupId: CgroupId, at: Instant, hint?: Row): Row {
    const place = this.placeOf(cgroupId, at);
    if (hint !== undefined && hint.place === place && hint.group === group && !hint.isClosed) return hint;
    return this.rows.of(this.groups.again(group), place, at);
  }

  /** The row of a process that has an account. */
  rowOfMember(slot: number, at: Instant): Row | undefined {
    const row = this.members.rows[slot];
    if (row === undefined || !row.isClosed) return row;
    const now = this.rows.revive(row, at);
    this.members.rows[slot] = now;
    return now;
  }
}
