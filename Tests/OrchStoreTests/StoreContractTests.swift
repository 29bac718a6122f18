import OrchStore
import OrchTestSupport
import Testing

/// The engines that the contract is checked on.
let engines: [EngineUnderTest] = [.memory, .sqlite] + EngineUnderTest.allPostgres

@Suite("The store's contract")
struct StoreContractTests {
  @Test(arguments: engines) func `keeps what was decided`(_ engine: EngineUnderTest) throws {
    try StoreContract.keepsWhatWasDecided(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `keeps every state`(_ engine: EngineUnderTest) throws {
    try StoreContract.keepsEveryState(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `refuses a stale version`(_ engine: EngineUnderTest) throws {
    try StoreContract.refusesAStaleVersion(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `refuses a taken task id`(_ engine: EngineUnderTest) throws {
    try StoreContract.refusesATakenTaskID(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `refuses an open key`(_ engine: EngineUnderTest) throws {
    try StoreContract.refusesAnOpenKey(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `refuses a token that was granted`(_ engine: EngineUnderTest) throws {
    try StoreContract.refusesATokenThatWasGranted(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `leaves nothing of a throwing body`(_ engine: EngineUnderTest) throws {
    try StoreContract.leavesNothingOfAThrowingBody(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `reads its own writes`(_ engine: EngineUnderTest) throws {
    try StoreContract.readsItsOwnWrites(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `finds the session of a lease`(_ engine: EngineUnderTest) throws {
    try StoreContract.findsTheSessionOfALease(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `reads the time once`(_ engine: EngineUnderTest) throws {
    try StoreContract.readsTheTimeOnce(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `reads a snapshot`(_ engine: EngineUnderTest) throws {
    try StoreContract.readsASnapshot(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `stores a sign of life`(_ engine: EngineUnderTest) throws {
    try StoreContract.storesASignOfLife(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `ignores a sign of life of the past`(_ engine: EngineUnderTest) throws {
    try StoreContract.ignoresASignOfLifeOfThePast(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `stores a sign of life with an append`(_ engine: EngineUnderTest) throws {
    try StoreContract.storesASignOfLifeWithAnAppend(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `appends to several sessions at once`(_ engine: EngineUnderTest) throws {
    try StoreContract.appendsToSeveralSessionsAtOnce(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `commits nothing of a failed append`(_ engine: EngineUnderTest) throws {
    try StoreContract.commitsNothingOfAFailedAppend(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `counts the instant in`(_ engine: EngineUnderTest) throws {
    try StoreContract.countsTheInstantIn(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `places what is unblocked elsewhere`(_ engine: EngineUnderTest) throws {
    try StoreContract.placesWhatIsUnblockedElsewhere(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `has one identity`(_ engine: EngineUnderTest) throws {
    try StoreContract.hasOneIdentity(try engine.makeDatabase())
  }
  @Test(
    arguments: engines.flatMap { engine in
      (EngineUnderTest.local.contains(engine.name) ? [1, 2, 3] : [1]).map { (engine, $0 as UInt64) }
    })
  func `finds what the decider grants`(_ engine: EngineUnderTest, seed: UInt64) throws {
    try StoreContract.findsWhatTheDeciderGrants(try engine.makeDatabase(), seed: seed)
  }
  @Test(arguments: engines) func `honours every condition of the claim rule`(_ engine: EngineUnderTest) throws {
    try StoreContract.honoursEveryConditionOfTheClaimRule(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `orders claims`(_ engine: EngineUnderTest) throws {
    try StoreContract.ordersClaims(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `takes up what was recovered`(_ engine: EngineUnderTest) throws {
    try StoreContract.takesUpWhatWasRecovered(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `reserves for the receiver`(_ engine: EngineUnderTest) throws {
    try StoreContract.reservesForTheReceiver(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `finds the longest expired`(_ engine: EngineUnderTest) throws {
    try StoreContract.findsTheLongestExpired(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `counts open blockers`(_ engine: EngineUnderTest) throws {
    try StoreContract.countsOpenBlockers(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `counts blockers that come later`(_ engine: EngineUnderTest) throws {
    try StoreContract.countsBlockersThatComeLater(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `counts for itself`(_ engine: EngineUnderTest) throws {
    try StoreContract.countsForItself(try engine.makeDatabase())
  }
  @Test(arguments: engines, [4, 5] as [UInt64])
  func `lists tasks`(_ engine: EngineUnderTest, seed: UInt64) throws {
    try StoreContract.listsTasks(try engine.makeDatabase(), seed: seed)
  }
  @Test(arguments: engines) func `finds tasks by prefix`(_ engine: EngineUnderTest) throws {
    try StoreContract.findsTasksByPrefix(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `lists sessions in order of birth`(_ engine: EngineUnderTest) throws {
    try StoreContract.listsSessionsInOrderOfBirth(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `pages through the logID`(_ engine: EngineUnderTest) throws {
    try StoreContract.pagesThroughTheLog(try engine.makeDatabase(), seed: 6)
  }
  @Test(arguments: engines) func `finds entries by name`(_ engine: EngineUnderTest) throws {
    try StoreContract.findsEntriesByName(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `knows who acted`(_ engine: EngineUnderTest) throws {
    try StoreContract.knowsWhoActed(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `grants a session once`(_ engine: EngineUnderTest) throws {
    try StoreContract.grantsASessionOnce(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `hands out a queue once`(_ engine: EngineUnderTest) throws {
    try StoreContract.handsOutAQueueOnce(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `loses no update`(_ engine: EngineUnderTest) throws {
    try StoreContract.losesNoUpdate(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `keeps logs apart`(_ engine: EngineUnderTest) throws {
    try StoreContract.keepsLogsApart(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `closes to writers`(_ engine: EngineUnderTest) throws {
    try StoreContract.closesToWriters(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `closes behind writers`(_ engine: EngineUnderTest) throws {
    try StoreContract.closesBehindWriters(try engine.makeDatabase())
  }
  @Test(arguments: engines) func `counts every step`(_ engine: EngineUnderTest) throws {
    try StoreContract.countsEveryStep(try engine.makeDatabase())
  }
}
