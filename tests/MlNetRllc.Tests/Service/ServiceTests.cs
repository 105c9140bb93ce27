namespace MlNetRllc.Tests.Service;

/// <summary>Nothing of ours ends the process.</summary>
public sealed class ServiceTests
{
    [Fact]
    public Task EngineDisposedWhileOthersPredict_TakesNothingFromThem() =>
        Scenario.Run(nameof(Scenarios.EnginesAreDisposedWhileOthersPredict));

    [Fact]
    public Task Predictions_HaveTheSameBits_WhateverLibtorchsThreads() =>
        Scenario.Run(nameof(Scenarios.PredictionsHaveTheSameBits_WhateverLibtorchsThreads));

    [Fact]
    public Task NoGradAndInferenceModeAroundACall_ChangeNothing() =>
        Scenario.Run(nameof(Scenarios.GradientsAreTakenWhereTheCallerSwitchedThemOff));

    [Fact]
    public Task LossWithoutAGradient_IsRefusedByAnException() => Scenario.Run(nameof(Scenarios.LossesWithoutAGradientAreRefused));

    [Fact]
    public Task SecondFitOnAModuleInUse_IsRefused() => Scenario.Run(nameof(Scenarios.OneModuleIsSampledByOneFitAtATime));

    [Fact, Trait("System", "Linux")]
    public Task CursorsOverAStore_ShareItsFiles() => Scenario.Run(nameof(Scenarios.AThousandCursorsOverAStoreTakeNoMoreFiles));

    [Fact, Trait("System", "Unix")]
    public Task WithoutHomeAndTemporaryFolder_TensorsAreMade_AndNothingIsLeftOnTheDisk() =>
        Scenario.Run(nameof(Scenarios.TensorsAreMade), null,
            ("HOME", "/nonexistent"), ("TMPDIR", "/nonexistent"), ("XDG_DATA_HOME", "/nonexistent"));

    /// <summary>Ten seconds here; <c>MLNETRLLC_SOAK_SECONDS=600</c> for as long as it takes to believe it.</summary>
    [Fact]
    public Task MixedUseByTwoProcesses_NeitherFailsNorGrows() => Scenario.Run(nameof(Scenarios.SoakWithAnother));

    [Fact]
    public Task TokensOfAStore_AreReadOrRefused_WhateverBecameOfIt() =>
        Scenario.Run(nameof(Scenarios.TokensOfAStoreStayReadableWhenTheStoreIsGone));

    [Fact, Trait("System", "Unix")]
    public Task StoreThatIsCut_IsRefused() => Scenario.Run(nameof(Scenarios.AStoreThatIsCutIsRefused));
}
