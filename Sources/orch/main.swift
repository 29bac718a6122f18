import OrchCommands

Orch.run()
