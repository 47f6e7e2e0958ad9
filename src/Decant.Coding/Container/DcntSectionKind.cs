namespace Decant.Coding;

/// <summary>What a section of a .dcnt file holds, numbered as in the file.</summary>
public enum DcntSectionKind
{
    /// <summary>The network without its numbers: nodes, names, shapes, metadata.</summary>
    Description = 0,

    /// <summary>All the small weights (<see cref="DcntFormat.SharedCount"/> numbers at most), in one stream.</summary>
    SharedWeights = 1,

    /// <summary>One weight.</summary>
    Weight = 2,
}
