namespace MlNetRllc.Core.Errors;

/// <summary>The sections of <c>errors.md</c>: what a frequent error means, its usual causes and the remedy. An exception carries the
/// name of its section; the command says it behind the message, and <c>rllc explain error NAME</c> shows it.</summary>
public static class ErrorPage
{
    private const string Key = "MlNetRllc.ErrorPage";

    /// <summary>A text has fewer contexts than a batch.</summary>
    public const string FewerContexts = "fewer-contexts-than-a-batch";

    /// <summary>A text's tokens or contexts are not those of the model.</summary>
    public const string TextOfAnotherModel = "text-of-another-model";

    /// <summary>All documents were held out for validation.</summary>
    public const string HeldOutWhole = "text-held-out-whole";

    /// <summary>A name in a pipeline file is no option.</summary>
    public const string UnknownOption = "unknown-option";

    /// <summary>A value of an option is of the wrong kind or out of its range.</summary>
    public const string ValueRefused = "value-refused";

    /// <summary>A name is no step or dataset of the file.</summary>
    public const string UnknownName = "unknown-step-or-dataset";

    /// <summary>A step needs one that was not chosen and is not done.</summary>
    public const string StepNotDone = "step-not-done";

    /// <summary>A pipeline file is not there, or no YAML.</summary>
    public const string PipelineFile = "pipeline-file";

    /// <summary>A dataset's files are not there.</summary>
    public const string TextNotFound = "text-not-found";

    /// <summary>A file could not be fetched.</summary>
    public const string DownloadFailed = "download-failed";

    /// <summary>The package that holds a text is not there.</summary>
    public const string PackageNotFound = "package-not-found";

    /// <summary>A text is not the one that its card names.</summary>
    public const string ChecksumDiffers = "checksum-differs";

    /// <summary>A file of a run was changed or cut.</summary>
    public const string DamagedFile = "damaged-file";

    /// <summary>Another run writes in the folder.</summary>
    public const string RunInUse = "run-in-use";

    /// <summary>No room is left.</summary>
    public const string DiskFull = "disk-full";

    /// <summary>A mistake of the program itself.</summary>
    public const string Defect = "defect";

    /// <summary>The weights of a checkpoint are not those of the model.</summary>
    public const string CheckpointShapes = "checkpoint-shapes";

    /// <summary>Nothing says, or two things say differently, of which training step a checkpoint is.</summary>
    public const string CheckpointStep = "checkpoint-step";

    /// <summary>A PyTorch file holds more than a state dict.</summary>
    public const string PyTorchFile = "pytorch-file-refused";

    /// <summary>It is not known which token begins documents.</summary>
    public const string BeginningToken = "token-that-begins-documents";

    /// <summary>The vocabulary is smaller than the tokenizer's ids.</summary>
    public const string VocabularyTooSmall = "vocabulary-too-small";

    /// <summary>Slurm's commands are missing, or refused.</summary>
    public const string Slurm = "slurm-commands";

    /// <summary>The same exception, with the name of its section.</summary>
    /// <param name="error">What will be thrown.</param>
    /// <param name="section">One of the names here.</param>
    public static T About<T>(this T error, string section) where T : Exception
    {
        ArgumentNullException.ThrowIfNull(error);
        error.Data[Key] = section;
        return error;
    }

    /// <summary>The section of an exception, or of the first in what it wraps that has one; null where none has.</summary>
    /// <param name="error">What was thrown.</param>
    public static string? SectionOf(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error.Data[Key] is string section) return section;
        return null;
    }
}
