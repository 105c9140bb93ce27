namespace MlNetRllc.Runner.Executors;

/// <summary>A part of the work could not be done; the rest is done and kept.</summary>
internal sealed class PartlyDoneException(string message) : Exception(message);
