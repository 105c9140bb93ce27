using CsCheck;
using MlNetRllc.Runner.Executors.Slurm;

namespace MlNetRllc.Tests.Runner.Executors;

public sealed class SlurmTaskTests
{
    [Fact]
    public void Queue_GivesEveryTask_AlsoOfFoldedLines_AndPassesOverTheRest() => Assert.Equal(
        [
            new(8, 5, "PENDING", "", "JobArrayTaskLimit"), new(8, 0, "RUNNING", "n1"), new(9, 1, "FAILED", "n2", "NonZeroExitCode|x"),
            new(9, 2, "PENDING", "", "BeginTime"), new(9, 3, "PENDING", "", "BeginTime"),
        ],
        SlurmTask.ParseQueue(
            "8|5|PENDING||JobArrayTaskLimit\n  8|0|RUNNING|n1|None  \r\n9|1|FAILED|n2|NonZeroExitCode|x\n"
            + "10|N/A|RUNNING|n1|None\nslurm_load_jobs: warning\n9|[2-3%1]|PENDING|(null)|BeginTime\n\n"));

    [Fact]
    public void Accounting_GivesTasks_NotTheirSteps() => Assert.Equal(
        [new(8, 0, "CANCELLED", "n1"), new(8, 1, "TIMEOUT", "n2"), new(8, 2, "PENDING")],
        SlurmTask.ParseAccounting("8_0|CANCELLED by 1000|n1\n8_0.batch|FAILED|n1\n8_1|TIMEOUT|n2\n"
            + "8_[2]|PENDING|None assigned\n9|COMPLETED|n1\n"));

    [Theory]
    [InlineData("42\n", 42L)]
    [InlineData("42;cluster\n", 42L)]
    [InlineData("sbatch: warning: no time limit\n43", 43L)]
    [InlineData("Submitted\n", null)]
    public void Submitted_GivesTheNumber(string output, long? expected) => Assert.Equal(expected, SlurmTask.ParseSubmitted(output));

    [Theory]
    [InlineData("PENDING", "Waiting")]
    [InlineData("REQUEUED", "Waiting")]
    [InlineData("RUNNING", "Running")]
    [InlineData("COMPLETING", "Running")]
    [InlineData("A_STATE_OF_THE_FUTURE", "Running")]
    [InlineData("TIMEOUT", "Ended")]
    [InlineData("OUT_OF_MEMORY", "Ended")]
    public void States_FallIntoPhases(string state, string phase) => Assert.Equal(phase, $"{new SlurmTask(1, 0, state).Phase}");

    [Fact]
    public void AnyText_IsReadWithoutAnError() => Gen.String[Gen.Char["0123456789|_[]-,%:;. \nRUNNIGPEDabc"], 0, 80].ForAll(text =>
    {
        SlurmTask.ParseQueue(text);
        SlurmTask.ParseAccounting(text);
        SlurmTask.ParseSubmitted(text);
    });
}
