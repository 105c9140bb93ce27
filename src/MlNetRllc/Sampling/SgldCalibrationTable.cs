using System.Text;
using System.Xml;
using Microsoft.ML;
using MlNetRllc.Core.Files;
using MlNetRllc.Core.Sampling;
using MlNetRllc.Core.Weights;
using MlNetRllc.Sampling.HeatMap;

namespace MlNetRllc.Sampling;

/// <summary>What a calibration found.</summary>
/// <param name="Table">One row a setting and component, with the columns of <see cref="CalibrationTableRow"/>; in memory.</param>
/// <param name="Recommended">The recommended setting, ready for <c>SampleSgld</c>.</param>
/// <param name="Reason">Why it is recommended, in plain words; it says so when no setting is without fault.</param>
public sealed record SgldCalibrationTable(IDataView Table, SgldOptions Recommended, string Reason)
{
    /// <summary>Writes the table as heat maps, for each component and NBeta a grid of StepSize and
    /// Localization: one HTML file that needs no network, with the recommended setting outlined and settings
    /// whose status is not ok hatched.</summary>
    /// <param name="path">The file, such as <c>calibration.html</c>; replaced when there, its folder created when missing.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; what stood there before
    /// is left as it was.</exception>
    public void SaveHeatMap(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var rows = new MLContext().Data.CreateEnumerable<CalibrationTableRow>(Table, reuseRowObject: false).ToList();
        var page = HeatMapPage.Draw(rows, Reason);
        AtomicFile.Write(path, stream =>
        {
            using var writer = XmlWriter.Create(stream, new()
            {
                OmitXmlDeclaration = true, Encoding = new UTF8Encoding(false), Indent = true, IndentChars = " ",
            });
            page.Save(writer);
        });
    }
}
