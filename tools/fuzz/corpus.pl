#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# corpus.pl unpack DIR <TEXT: write a file in DIR for each line of TEXT
# corpus.pl pack DIR >TEXT: print a line for each file in DIR, shortest first
#
# With this, inputs of any bytes can be read, compared and reviewed: \n, \\ and
# \xNN stand for such bytes, # begins a line that is not an input.

use strict;
use warnings;

my ($verb, $dir) = @ARGV;
die "usage: corpus.pl pack|unpack DIR\n"
	unless @ARGV == 2 && $verb =~ /^(un)?pack$/;

sub unescape
{
	my ($what) = @_;

	return "\n" if $what eq 'n';
	return '\\' if $what eq '\\';
	return chr hex substr $what, 1;
}

if ($verb eq 'unpack') {
	my $number = 0;

	while (my $line = <STDIN>) {
		next if $line =~ /^#/;
		chomp $line;
		$line =~ s/\\(n|\\|x[0-9a-f]{2})/unescape($1)/ge;
		open my $out, '>:raw', sprintf "%s/%05d", $dir, ++$number
			or die "$dir: $!\n";
		print $out $line;
		close $out or die "$dir: $!\n";
	}
	exit;
}

my @lines;
for my $name (glob "$dir/*") {
	open my $in, '<:raw', $name or die "$name: $!\n";
	local $/;
	my $text = <$in> // '';
	$text =~ s/\\/\\\\/g;
	$text =~ s/\n/\\n/g;
	$text =~ s/([^\x20-\x7e])/sprintf '\\x%02x', ord $1/ge;
	$text =~ s/^#/\\x23/;
	$text =~ s/ $/\\x20/;
	push @lines, $text;
}
print "# SPDX-License-Identifier: GPL-2.0-only\n";
print "$_\n" for sort { length $a <=> length $b || $a cmp $b } @lines;
