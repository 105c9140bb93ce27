using Microsoft.ML;
using MlNetRllc.Core.Sampling;

namespace MlNetRllc.Sampling;

/// <summary>What a calibration found.</summary>
/// <param name="Table">One row a setting and component, with the columns of <see cref="CalibrationTableRow"/>; in memory.</param>
/// <param name="Recommended">The recommended setting, ready for <c>SampleSgld</c>.</param>
/// <param name="Reason">Why it is recommended, in plain words; it says so when no setting is without fault.</param>
public sealed record SgldCalibrationTable(IDataView Table, SgldOptions Recommended, string Reason);
