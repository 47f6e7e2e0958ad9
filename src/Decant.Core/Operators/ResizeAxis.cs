namespace Decant.Core.Operators;

/// <summary>What a Resize makes of one axis.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Input">Its extent before.</param>
/// <param name="Output">Its extent after.</param>
/// <param name="Scale">The ratio that coordinates are computed with; input times scale need not be whole.</param>
public sealed record ResizeAxis(int Axis, int Input, int Output, double Scale)
{
    /// <summary>Where the region begins that tf_crop_and_resize samples, as a share of the axis.</summary>
    public double RegionStart { get; init; }

    /// <summary>Where the region ends.</summary>
    public double RegionEnd { get; init; } = 1;

    /// <summary>The input coordinate that an output coordinate stands for.</summary>
    public double Coordinate(string mode, int x)
    {
        double width = Scale * Input, span = (RegionEnd - RegionStart) * (Input - 1.0);
        return mode switch
        {
            "align_corners" => width == 1 ? 0 : x * (Input - 1.0) / (width - 1),
            "asymmetric" => x / Scale,
            "tf_crop_and_resize" => RegionStart * (Input - 1.0) + (width == 1 ? span / 2 : x * span / (width - 1)),
            "pytorch_half_pixel" when width == 1 => -0.5,
            "half_pixel_symmetric" => Input / 2.0 * (1 - Output / width) + (x + 0.5) / Scale - 0.5,
            _ => (x + 0.5) / Scale - 0.5,
        };
    }
}
