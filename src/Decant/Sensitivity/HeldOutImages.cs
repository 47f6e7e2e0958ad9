using Decant.Core;
using Decant.Runtime;
using Decant.Training;
using Decant.Training.Data;

namespace Decant.Sensitivity;

/// <summary>The images that every point of an analysis is measured on.</summary>
internal sealed class HeldOutImages(Dataset images, Preprocessing preprocessing, int threads)
{
    /// <summary>How many there are.</summary>
    public int Count => images.Count;

    /// <summary>How well a network classifies them.</summary>
    /// <exception cref="DataException">They do not fit the network.</exception>
    public Score Measure(Network network, CancellationToken cancellation)
    {
        Classification.CheckFits(network, images);
        using InferenceSession executor = new InferenceModel(network, new InferenceOptions { Threads = threads }).CreateSession();
        return Classification.Evaluate(network, executor, images, preprocessing, null, cancellation);
    }
}
