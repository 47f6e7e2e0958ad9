namespace Decant.Training.Data;

/// <summary>Which half of a data set.</summary>
public enum DatasetPart
{
    /// <summary>The images a network is trained on.</summary>
    Train,
    /// <summary>The images a network is judged by.</summary>
    Test,
}
