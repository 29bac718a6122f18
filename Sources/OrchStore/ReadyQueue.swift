package import OrchCore

// # Ready queues
//
// How engines on a database find the best claimable task with a few look-ups, however many tasks are queued. Both keep
// the same thing, each in its own rows; `docs/architecture.md` says why not in the same rows.
//
// **What is kept.** A task is *waiting* when every condition of the claim rule holds that `isKept` names, apart from the
// session's: it is queued and has no open blockers. A session is *free* when it is neither held nor reserved by an
// offer. The ready queue has, of every free session, the first waiting task of each filter key and schedule partition,
// in claim order (priority, ready time, insertion). Such a task is a *head*.
//
// **Filter keys.** All tasks of a `ClaimFilterKey` meet a claim's filters, or none does. There are few keys, so a claim
// first picks those that its rule admits, and then looks at their heads alone.
//
// **Schedule partitions.** Time is the one condition that changes without a transaction. Tasks that are ready by any
// clock are in partition 0. A task with a time to wait for is in the partition of its priority (1 to 10). The tasks of
// such a partition differ only in their ready time, so its head is the first to become due: while it is not, none is.
//
// **A claim** takes, of all heads of the admitted keys, the first in claim order: the first of partition 0 and of each
// partition whose head is due. Sessions that are reserved for the claimer have no heads; their first waiting tasks are
// looked up one by one, for there are few offers. In the chosen session its last recovered task goes first, where the
// rule allows it.
//
// **Upkeep**, in the transaction that changes the rows:
//
// 1. A session stops being free (claim, offer): its heads leave. Its other tasks, however many, are not touched.
// 2. A session becomes free: the first waiting task of each key and partition becomes a head, one look at an index each.
// 3. A head is no longer waiting, or moves to another key, partition or place in the order: the next of its key and
//    partition becomes the head, one look at the index.
// 4. A task of a free session starts to wait (added, edited, retried, its last blocker done): it becomes the head where
//    it comes before the present one or there is none.

/// The parts of a key of a ready queue.
package enum ReadyQueue {
  /// The partitions of tasks that wait for a time.
  package static let scheduled = 1...10

  /// The schedule partition of a task: 0 for one without a time to wait for.
  package static func partition(_ task: Task) -> Int {
    task.notBefore == nil ? 0 : min(max(task.priority, 0) + scheduled.lowerBound, scheduled.upperBound)
  }
}

extension Task {
  /// The first condition that keeps the task out of the ready queue, whatever its session's state; nil of a waiting task.
  package var unmetCondition: ClaimCondition? {
    ClaimCondition.allCases.first { $0.isKept && !$0.holds(self, at: updatedAt) }
  }
}

extension ClaimCondition {
  /// Whether tasks that do not meet it are kept out of the ready queue; else a claim checks it as it reads the queue.
  package var isKept: Bool {
    switch self {
    case .session, .state, .blockers: true
    case .time: false
    }
  }
}
